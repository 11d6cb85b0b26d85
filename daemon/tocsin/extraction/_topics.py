"""What a text is about, by its words: sport, fiction, a trial, a mishap, computing, markets.

Judged by how many different words of a field stand in the beginning of an article, or in one sentence.
"""

from __future__ import annotations

import re
from functools import lru_cache

HEAD = 1500  # characters of an article that are looked at


def _field(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


SPORT = _field(
    "goals?", "striker", "rovers", "visitors", "home side", "league", "cup", "coach", "midfielder", "quarterback",
    "touchdowns?", "innings", "wickets?", "tournament", "championships?", "champions?", "playoffs?", "season",
    "semi-?finals?", "quarter-?finals?", "grand slam", "grand prix", "olympics?", "medals?", "squad", "batsman", "bowler",
    "penalty shootout", "home runs?", "nba", "nfl", "nhl", "uefa", "fifa", "premier league", "set point", "scored",
    "defender", "goalkeeper", "derby", "heavyweight", "knockout", "referee", "half-?time", "kick-?off", "top scorer",
    "winger", "equaliser", "equalizer", "homers?", "rebounds", "title defen[cs]e", "rematch", "welterweight", "boxer",
    "fourth quarter", "undefeated", "unbeaten", "manager's side", "title race", "clean sheet", "stadium", "hat-?trick",
)  # fmt: skip
# one of these is enough for a sentence
PLAY = _field(
    "striker", "midfielder", "quarterback", "touchdowns?", "wickets?", "innings", "premier league", "champions league",
    "penalty area", "goalkeeper", "shot wide", "half-?time", "knockout", "heavyweight", "home runs?", "batsman", "winger",
    "equaliser", "equalizer", "offside", "three-pointers?", "free kick", "corner kick", "title fight", "world cup",
    r"in the \d+(?:st|nd|rd|th) minute", r"\d-\d (?:win|victory|defeat|draw|loss)", "hat-?trick", "tie-?break", "grand slam",
    "first half", "second half", "checkmate", "grandmaster", "peloton", "super bowl", "world series", "uefa", "fifa",
)  # fmt: skip
FICTION = _field(
    "films?", "movies?", "theaters?", "box office", "novel", "album", "video games?", "tv series", "sitcom", "episode",
    "screenplay", "actor", "actress", "sequel", "blockbuster", "documentary", "thrillers?", "screenwriter", "soundtrack",
    "premiere[ds]?", "starring", "screening", "director's cut", "playwright", "protagonist", "fictional", "storyline",
    "moviegoers", "hollywood", "trilogy", "bestsell(?:er|ing)", "plot twist", "gameplay", "player character", "trailer",
)  # fmt: skip
# told inside a story: "in the novel, soldiers attack"
TALE = re.compile(
    r"\b(?:[Ii]n|[Oo]f|[Ss]ees|[Tt]hroughout) (?:the|a|her|his|their|its|this) (?:\w+ ){0,2}"
    r"(?:film|movie|novel|book|play|video game|game|comic|episode|series|drama|thriller|sequel|opera|musical)\b"
    r"|\b(?:tells the story of|film about|novel about|movie about|documentary about|plays an? )"
)
COURT = _field(
    "convicted", "pleaded", "jury", "jurors?", "acquitted", "indicted", "defendants?", "court heard", "testified",
    "testimony", "courtroom", "life in prison", "years in prison", "death row", "parole", "retrial", "sentenced",
    "sentencing", "trial", "prosecutors?", "manslaughter", "verdict", "guilty", "first-degree", "second-degree",
    "crown court", "superior court", "plea", "judge", "death penalty", "insanity", "charged with", "appeals court",
    "life sentences?", "cross-examin\\w+", "attorneys?", "district attorney", "murder charges?",
)  # fmt: skip
COMPUTING = _field(
    "browsers?", "malware", "vulnerabilit(?:y|ies)", "software", "patch(?:es)?", "internet explorer", "windows", "users",
    "websites?", "web sites?", "hackers?", "exploits?", "botnets?", "phishing", "microsoft", "google", "servers?", "zero-day",
    "ransomware", "passwords?", "malicious", "denial-of-service", "ddos", "firmware", "trojan", "spyware", "virus",
)  # fmt: skip
MISHAP = _field(
    "earthquake", "quake", "tremor", "aftershocks?", "magnitude", "epicent(?:er|re)", "richter", "hit - and - run",
    "hit-and-run", "drunk(?:en)? driv\\w+", "motorist", "collision", "crash", "crashed", "climb(?:er|ers|ing)?", "avalanche",
    "pedestrian", "derail\\w+", "landslide", "floods?", "typhoon", "hurricane", "cyclone", "tsunami", "rescuers", "blood-alcohol",
    "vehicle", "driver", "fell to (?:his|her) death", "mountaineers?", "firefighters", "blaze", "wildfires?", "capsized",
    "drowned", "lightning", "epidemic", "outbreak", "sidewalk", "ambulance", "coach driver",
)  # fmt: skip
MARKETS = _field(
    "stocks?", "shares", "index", "nasdaq", "dow jones", "investors?", "earnings", "profits?", "revenue", "quarterly",
    "analysts?", "shareholders?", "stock exchange", "ipo", "traders?", "nikkei", "ftse", "s&p 500", "market cap", "dividend",
    "itunes", "iphone", "smartphones?", "retailers?", "chief executive", "ceo", "downloads?", "customers?", "sales", "products?",
    "airline", "start-?up", "carmaker", "brand", "consumers?",
)  # fmt: skip
OBITUARY = _field(
    "obituary", "(?:is|was) survived by", "died peacefully", "aged \\d\\d", "was born in", "(?:her|his) career", "funeral",
    "memoirs?", "grandchildren", "widow(?:er)?", "biograph(?:y|er)", "passed away", "remembered as", "eulogy",
)  # fmt: skip
ARMED = _field(
    "troops", "army", "military", "militants?", "rebels?", "missiles?", "air ?strikes?", "soldiers?", "insurgents?",
    "shelling", "warplanes?", "gunmen", "militia", "drones?", "artillery", "fighters", "airstrikes?", "ceasefire", "navy",
    "terrorists?", "guerrillas?", "bomb(?:ing|ings|s)?", "warships?", "coup", "taliban", "hezbollah", "hamas", "pirates",
)  # fmt: skip

# (name, words, how many of them make an article one of the kind, whether words of arms speak against it)
_ARTICLE = (
    ("sport", SPORT, 4, False),
    ("film or fiction", FICTION, 3, False),
    ("court report", COURT, 5, True),
    ("computing", COMPUTING, 5, True),
    ("mishap", MISHAP, 3, True),
    ("markets", MARKETS, 5, True),
    ("obituary", OBITUARY, 3, False),
)


@lru_cache(maxsize=128)  # asked again for every event of a sentence
def count(field: re.Pattern[str], text: str) -> int:
    """How many different words of a field a text has."""
    return len({found.lower() for found in field.findall(text)})


def article_topic(text: str) -> str | None:
    """What an article is about when it is about nothing else; judged by its beginning."""
    head = text[:HEAD]
    armed = count(ARMED, head)
    for name, field, least, yields in _ARTICLE:
        found = count(field, head)
        if found >= least and not (yields and armed * 2 >= found):
            return name
    return None
