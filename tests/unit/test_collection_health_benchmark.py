"""The benchmark of health recomputes its figures from a seed, and they hold at small size."""

from __future__ import annotations

from benchmarks.collection_health import measure


def test_the_same_seed_gives_the_same_figures_and_they_hold() -> None:
    figures, more = measure(5, quick=True)
    values = {figure.key: figure.value for figure in figures}
    assert measure(5, quick=True)[0] == figures
    assert values["faults_noticed_in_one_crawl"] >= 0.9
    assert values["health_false_alarms_per_source_year"] < 1
    assert values["false_closings"] < values["false_closings_without_freeze"] / 10
    (table,) = more["tables"].values()
    assert {row["fault"] for row in table} >= {"employer_emptied", "paging_cut", "unavailable"}
