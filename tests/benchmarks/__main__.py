"""`make bench`: figures and ratios, each against its alternative in the same run.

`make bench ARGS=times` runs one. A benchmark is a module `bench_NAME` here with `main() -> None`.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """All benchmarks, by name."""
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def run(name: str) -> None:
    """Load and run one."""
    spec = importlib.util.spec_from_file_location(f"bench_{name}", FOLDER / f"bench_{name}.py")
    if spec is None or spec.loader is None:
        sys.exit(f"no benchmark {name}; there are {', '.join(names())}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    sys.stdout.write(f"\n== {name}\n")
    sys.stdout.flush()
    module.main()


def main() -> None:
    """Those named, or all."""
    wanted, sys.argv[1:] = sys.argv[1:] or names(), []
    unknown = [name for name in wanted if name not in names()]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(names())}")
    sys.path.insert(0, str(FOLDER))
    for name in wanted:
        run(name)


if __name__ == "__main__":
    main()
