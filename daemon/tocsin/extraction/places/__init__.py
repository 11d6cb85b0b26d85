"""Where: a gazetteer of cities (GeoNames, CC BY 4.0) and our own table of regions, seas and sites."""

from tocsin.extraction.places._gazetteer import Gazetteer, Spot, fold, load_gazetteer

__all__ = ["Gazetteer", "Spot", "fold", "load_gazetteer"]
