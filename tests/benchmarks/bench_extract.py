"""How fast `tocsin extract` reads, beside the whole spaCy pipeline over the same sentences in the same run.

    python tests/benchmarks/bench_extract.py [--rounds N] [--sentences N]

Every measurement is a process of its own, held to one core and one thread of arithmetic. Seconds are processor
seconds, which other work on the machine disturbs little; on a free core they are those of the clock. Sentences come from the data
beside the checkout where it is, with a set of whole news articles, else from templates of our own. Printed: sentences a second of the whole command with
its start and of reading alone, the same of spaCy with all components over everything, the ratios, the start of a
command on one short text, the memory of a worker after small texts and after 5 MB, and the share of sentences
that gave an event.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PUBLISHED = "2018-01-10T12:00:00Z"
WHO = (
    "North Korea",
    "The Turkish army",
    "Rebels",
    "The foreign ministry",
    "Police in Nairobi",
    "Brazil's president",
)
WHAT = (
    "fired two missiles", "shelled a village near the border", "denied the accusation", "arrested eleven people",
    "met the prime minister of Japan", "imposed sanctions on the bank", "described the garden in a long letter",
    "grew roses along the wall of the house", "said the harvest was better than the year before",
)  # fmt: skip
WHEN = ("on Tuesday", "last week", "in early March", "two days after the summit", "", "despite the rain")
MEASURE = """
import json, sys, time
from datetime import datetime
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
"""
ARTICLES = """
import json, sys, time
from datetime import datetime
from tocsin.extraction import Document, load_extractor
from tocsin.extraction._text import sentences
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
count = sum(1 for text in texts for _ in sentences(text))
extractor = load_extractor()
extractor.warm()
docs = [Document(text, datetime.fromisoformat(sys.argv[2])) for text in texts]
began = time.process_time()
found = list(extractor.extract_many(docs))
print(json.dumps({"seconds": time.process_time() - began, "sentences": count, "documents": len(docs)}))
"""
OURS = (
    MEASURE
    + """
from tocsin.extraction import Document, load_extractor
extractor = load_extractor()
extractor.warm()
docs = [Document(text, datetime.fromisoformat(sys.argv[2])) for text in texts]
began = time.process_time()
found = list(extractor.extract_many(docs))
print(json.dumps({"seconds": time.process_time() - began, "with_event": sum(bool(x.mentions) for x in found)}))
"""
)
SPACY = (
    MEASURE
    + """
import importlib
from tocsin.extraction._parse import MODELS
for name in MODELS:
    try:
        nlp = importlib.import_module(name).load()
        break
    except ModuleNotFoundError:
        continue
for name in list(nlp.disabled):
    nlp.enable_pipe(name)
began = time.process_time()
tokens = sum(len(doc) for doc in nlp.pipe(texts))
print(json.dumps({"seconds": time.process_time() - began, "tokens": tokens, "parts": nlp.pipe_names}))
"""
)
MEMORY = """
import json, sys
from datetime import datetime
from pathlib import Path
from tocsin.extraction import Document, load_extractor
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
lines = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
when = datetime.fromisoformat(sys.argv[2])
extractor = load_extractor()
for text in lines[:50]:
    extractor.extract(Document(text, when))
small = resident()
news = "\\n\\n".join(lines)
filler = "The garden was quiet and the roses grew along the old wall by the river. "
large = (news + "\\n\\n" + filler * (5_000_000 // len(filler)))[: 5_000_000 - len(news)] + "\\n\\n" + news
found = extractor.extract(Document(large, when))
peak = int(next(x for x in open("/proc/self/status") if x.startswith("VmHWM")).split()[1]) / 1e3
print(json.dumps({"small": small, "peak": peak, "last": found.mentions[-1].trigger.start / len(large)}))
"""


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def sentences(limit: int) -> tuple[str, list[str]]:
    """Where the sentences are from, and the sentences."""
    path = DATA / "events" / "plv_train.jsonl"
    if path.exists():
        lines = path.read_text(encoding="utf-8").splitlines()
        return "public PLOVER sentences", [json.loads(line)["text"] for line in lines][:limit]
    own = (" ".join(part for part in parts if part) + "." for parts in itertools.product(WHO, WHAT, WHEN))
    return "sentences of our own templates", list(
        itertools.islice(itertools.cycle(list(own)), min(limit, 1000))
    )


def articles(folder: Path, limit: int) -> Path | None:
    """Whole news articles as a `.jsonl`, where the data is there."""
    path = DATA / "stories" / "ecbplus_dev.jsonl"
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8").splitlines()[:limit]
    file = folder / "articles.jsonl"
    file.write_text(
        "".join(json.dumps({"text": json.loads(line)["text"]}) + "\n" for line in lines), encoding="utf-8"
    )
    return file


def one_core(command: list[str]) -> tuple[float, str]:
    """Processor seconds and output of a command held to one core."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    finally:
        os.sched_setaffinity(0, allowed)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, done.stdout


def measured(script: str, file: Path) -> dict[str, float]:
    """The figures that a script prints as JSON."""
    return dict(json.loads(one_core([sys.executable, "-c", script, str(file), PUBLISHED])[1]))


def tocsin(*arguments: str) -> float:
    """Processor seconds of the whole command."""
    start = "import sys; from tocsin.cli import app; sys.argv[0] = 'tocsin'; app()"
    return one_core([sys.executable, "-c", start, "extract", *arguments, "--format", "jsonl"])[0]


def measure(folder: Path, rounds: int, limit: int) -> None:
    """Run everything and print it."""
    source, texts = sentences(limit)
    many, short = folder / "many.jsonl", folder / "short.txt"
    many.write_text(
        "".join(json.dumps({"id": n, "text": t, "published": PUBLISHED}) + "\n" for n, t in enumerate(texts)),
        encoding="utf-8",
    )
    short.write_text("North Korea fired a missile on Tuesday, South Korea said.", encoding="utf-8")
    size = len(texts)
    say(f"{size} {source}, one core, median of {rounds} rounds")
    tocsin(str(short))  # bytecode in place
    whole, alone, full, start = [], [], [], []
    ours: dict[str, float] = {}
    for turn in range(1, rounds + 1):
        say(f"round {turn} of {rounds} ...")
        whole.append(tocsin(str(many)))
        ours = measured(OURS, many)
        alone.append(ours["seconds"])
        full.append(measured(SPACY, many)["seconds"])
        start.append(tocsin(str(short), "--published", PUBLISHED))
    news = articles(folder, 200)
    if news is not None:
        say("articles ...")
        ours_news, spacy_news = measured(ARTICLES, news), measured(SPACY, news)["seconds"]
    say("memory ...")
    memory = measured(MEMORY, many)
    say(f"tocsin extract, whole command:    {size / median(whole):6.0f} sentences/s")
    say(f"tocsin extract, reading alone:    {size / median(alone):6.0f} sentences/s")
    say(f"spaCy, all components, reading:   {size / median(full):6.0f} sentences/s")
    say(f"reading against spaCy:            {median(full) / median(alone):6.1f} times as fast")
    if news is not None:
        seconds, count = ours_news["seconds"], ours_news["sentences"]
        say(f"{ours_news['documents']:.0f} news articles, all sentences: {count / seconds:6.0f} sentences/s")
        say(f"the same in spaCy, all components:{count / spacy_news:6.0f} sentences/s")
        say(f"articles against spaCy:           {spacy_news / seconds:6.1f} times as fast")
    say(f"start of `tocsin extract`, short: {median(start):6.2f} s")
    say(f"worker after 50 short texts:      {memory['small']:6.0f} MB")
    say(f"worker at most, 5 MB of text:     {memory['peak']:6.0f} MB, last event at {memory['last']:.1%}")
    say(f"sentences with an event:          {ours['with_event'] / size:6.1%}")


def main() -> None:
    """Measure in a folder that is removed afterwards."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sentences", type=int, default=100_000)
    arguments, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), arguments.rounds, arguments.sentences)


if __name__ == "__main__":
    main()
