#!/bin/sh
# Random zones served by the simulator and by Knot DNS must be answered alike. SEED=N asks other questions.
set -eu

if ! command -v knotd >/dev/null; then
    echo "knotd is missing: apt-get install knot" >&2
    exit 1
fi
cd "$(dirname "$0")/.."
exec cargo test --locked --test it sim_dns::differential -- --ignored --nocapture
