#!/bin/sh
# Renew the hashed lock files. Usage: requirements/lock.sh [path of uv]
set -eu
cd "$(dirname "$0")/.."
uv=${1:-uv}
# pip pins what it is asked for with its extras; without them a new release of one is refused for want of a hash
common="--universal --no-strip-extras --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet"
printf 'hatchling\neditables\n' | "$uv" pip compile $common --extra chat pyproject.toml - -o requirements/run.txt
"$uv" pip compile $common --extra chat --group dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
