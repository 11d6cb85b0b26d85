#!/bin/sh
# Renew the hashed lock files. Usage: requirements/lock.sh [path of uv]
set -eu
cd "$(dirname "$0")/.."
uv=${1:-uv}
# Install with pip's --no-deps: it looks for the newest release of what is wanted with extras (coverage[toml]), and has
# no hash of that.
common="--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet"
printf 'hatchling\neditables\n' | "$uv" pip compile $common --extra chat pyproject.toml - -o requirements/run.txt
"$uv" pip compile $common --extra chat --group dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
