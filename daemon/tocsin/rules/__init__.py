"""Rule files to matches: language, compiler, patterns, tests, backtest."""
