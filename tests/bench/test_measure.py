"""What is measured, and how shares are worked out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.measure import BenchError, Command, Failing, Result, Sample, compare
from bench.rows import Asked, Measure, rows

FAILING = (sys.executable, "-c", "raise SystemExit('it is broken')")


def _result(name: str, *seconds: float) -> Result:
    return Result(name, tuple(Sample(second, 1_000_000) for second in seconds), 4_000_000)


def test_a_share_is_the_median_of_the_rounds_shares() -> None:
    """A round in which the machine was slow for both does not move the share."""
    assert _result("ours", 1, 10, 1).share(_result("theirs", 4, 40, 2)) == 0.25


def test_a_share_of_what_ran_less_often_is_that_of_the_medians() -> None:
    """What ran once for its slowness is compared by medians."""
    assert _result("ours", 1, 2, 3).share(_result("theirs", 8)) == 0.25


def test_a_goal_is_met_or_missed() -> None:
    """A goal says the share that was measured and whether that is as little as was asked for."""
    results = [_result("theirs", 4.0), _result("ours", 1.0)]
    assert "**0.250** of the time of theirs; asked: at most 0.3: met." in Asked("ours", "theirs", 0.3).line(results)
    assert Asked("ours", "theirs", 0.2).line(results).endswith("**missed**.")
    assert "**1.000** of the memory" in Asked("ours", "theirs", 0.2, Measure.MEMORY).line(results)
    assert not Asked("ours", "absent", 0.3).line(results)


def test_a_peer_that_fails_is_a_result() -> None:
    """A peer's failure stands in the table with its last words; feeder's own ends the benchmark."""
    failing = Command("a peer", FAILING, failing=Failing.RESULT)
    (result,) = compare([failing], 3)
    assert len(result.samples) == 1
    assert any("a peer failed after 0 s: it is broken" in row for row in rows([result]))
    with pytest.raises(BenchError, match="it is broken"):
        compare([Command("feeder", FAILING)], 3)


def test_what_was_written_is_counted(tmp_path: Path) -> None:
    """Documents and the entries in them are counted, whatever the format."""
    script = f"open({str(tmp_path / 'atom.xml')!r}, 'w').write('<entry></entry><item></item><entry></entry>')"
    (result,) = compare([Command("writer", (sys.executable, "-c", script), output=tmp_path)], 1)
    assert result.output is not None
    assert (result.output.files, result.output.entries) == (1, 3)
    assert result.peak > 0
