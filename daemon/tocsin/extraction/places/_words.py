"""Names of cities that are words, names of persons or offices more often than the city."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# never a place by themselves, whatever stands before them; as `fold` writes them
NEVER = _set(
    "ad al bank along april as asia august ban center central centre college commerce committee congress council court date day "
    "deal december eagle east eastern el enterprise europe february friday government hit hun imperial independence "
    "industry january july june justice king la lake las lead league liberty los man manage march may media mission monday "
    "most much normal north northern november october of office opposition parliament park parliament police pop president "
    "prince progress queen rey rule saint sale same san santa santo saturday senate september south southern sunday sur "
    "temple thursday tuesday un union university wednesday west western world army navy force forces house state street "
    "church school team group party front nation nations international national general power plant fort mount island "
    "green white black red blue young old new big little high low long short good best first second third one two three "
    "american british english french german russian chinese indian african european chile"
) - {"chile"}
# a place only where the article speaks of its country
SELDOM = _set(
    "molotov gray dalton riva albert ali allen bandar bar bari bath battle bo bor bush carson clinton corona david duke george ham hassan hope "
    "jackson johnson kent kim lee li lincoln male maria marina marshall mary mobile moore nelson nice norman orange putin "
    "reading sandy sen split taylor tours trump van victoria vladimir wang wilson xi alexander anna barry bill brown "
    "buenos carter chad charlotte chester clark cleveland cruz davis dean diana douglas elena elizabeth florence ford "
    "francis franklin grant gary harrison henderson henry houston howard hudson hunter ida jerome joseph jose juan julia "
    "kennedy lewis logan lopez louis luis madison mason max mercedes mesa miller mitchell montgomery morgan murray obama "
    "olga oliver oscar parker paul perry peter philip pierre porter power ramon reed robert rose roosevelt ross russell "
    "ryan salem salman sara scott sergei sharon shelby sherman simon smith sofia stanley stewart sullivan teresa thomas "
    "turner tyler vance vera vincent walker wallace warner warren wayne webster wells winston santiago"
) - {"santiago", "houston", "cleveland", "charlotte", "florence", "sofia", "salem", "madison", "chad"}
