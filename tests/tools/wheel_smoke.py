"""Build the wheel, install it with the locked dependencies into an empty environment, run the demo from it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> None:
    """Run a command and stop when it fails."""
    subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=True)


def main() -> None:
    """Leaves nothing behind; prints what it did."""
    with tempfile.TemporaryDirectory(prefix="tocsin-wheel-") as name:
        folder = Path(name)
        run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
        [wheel] = folder.glob("*.whl")
        names = zipfile.ZipFile(wheel).namelist()
        for part in (
            "_shipped/rules/",
            "_shipped/feeds/",
            "extraction/ontology/",
            "web/templates/",
            "migrations/",
        ):
            if not any(part in entry for entry in names):
                sys.exit(f"the wheel lacks {part}")
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        pip = (python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
        run(*pip, "--no-deps", "--require-hashes", "-r", ROOT / "requirements" / "run.txt", cwd=folder)
        run(*pip, "--no-deps", wheel, cwd=folder)
        run(python, "-m", "pip", "--disable-pip-version-check", "check", cwd=folder)
        env = {k: v for k, v in os.environ.items() if not k.startswith(("TOCSIN_", "PYTHON"))} | {
            "HOME": name
        }
        tocsin = folder / "venv" / "bin" / "tocsin"
        run(tocsin, "version", cwd=folder, env=env)
        run(tocsin, "rules", "check", cwd=folder, env=env)
        run(tocsin, "demo", "--exit", cwd=folder, env=env)
        sys.stdout.write(f"{wheel.name}: {len(names)} files, installed and run from an empty environment\n")


if __name__ == "__main__":
    main()
