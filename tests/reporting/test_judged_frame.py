"""A file of scored cases is judged like a model of the house: every section made, or not run with its reason."""

from __future__ import annotations

import json
import os
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from riskmodels.core import text
from riskmodels.core.checks import Verdict
from riskmodels.core.errors import DataRefused, Misuse
from riskmodels.reporting.body import NotRun, Table
from riskmodels.reporting.pages.judged_frame import file_validation, files_hash
from riskmodels.runs.notebooks import find

RNG = np.random.default_rng(20260630)
DAY = "2026-06-30"


def cases(n: int = 400) -> pd.DataFrame:
    """Scored cases of a good model: a case in eight is bad."""
    p = RNG.beta(1, 7, n).round(5)
    return pd.DataFrame(
        {
            "p": p,
            "y": (RNG.random(n) < p).astype(float),
            "points": (600 - 40 * np.log(p / (1 - p))).round(),
            "grade": np.array(["A", "B", "C"])[np.digitize(p, [0.05, 0.15])],
            "month": RNG.choice(["2026-01", "2025-03", "2026-06", "2024-12"], n),
            "amount": RNG.lognormal(10, 1, n).round(2),
            "owner": RNG.choice([f"o{i}" for i in range(n // 2)], n),
            "region": RNG.choice(["North", "South"], n),
            "old": np.clip(p + RNG.normal(0, 0.05, n), 0, 1),
            "income": RNG.lognormal(8, 1, n),
        }
    )


ALL = "score=p, outcome=y, grade=grade, period=month, weight=amount, obligor=owner, segment=region, challenger=old"
RANKS = "score=points, outcome=y, higher=safer, grade=grade, period=month, obligor=owner, challenger=old"
BARE = "score=p, outcome=y"
CASES = cases()


def changed(**columns: object) -> pd.DataFrame:
    return CASES.assign(**columns)


FRAMES = {
    "whole": (CASES, ALL),
    "bare": (CASES, BARE),
    "points": (CASES, RANKS),
    "one row": (CASES.head(1), ALL),
    "thirty rows": (CASES.head(30), ALL),
    "no bad case": (changed(y=0.0), ALL),
    "all too young": (changed(y=np.nan), ALL),
    "half too young": (changed(y=CASES["y"].where(CASES.index < 200)), ALL),
    "constant score": (changed(p=0.1), ALL),
    "constant points": (changed(points=500), RANKS),
    "weights of zero": (changed(amount=0), ALL),
    "some without an owner": (changed(owner=CASES["owner"].where(CASES.index > 100)), ALL),
    "some without a score": (changed(p=CASES["p"].where(CASES.index > 100)), ALL),
    "some without a rival's score": (changed(old=CASES["old"].where(CASES.index > 100)), ALL),
    "some without a grade": (changed(grade=CASES["grade"].where(CASES.index > 100)), ALL),
    "a grade of one case": (changed(grade=np.where(CASES.index == 7, "Z", CASES["grade"])), ALL),
    "a formula for a name": (CASES.rename(columns={"income": '=HYPERLINK("http://x","y")'}), ALL),
}


def sections() -> list[str]:
    """What the notebook shows, in its order."""
    found = json.loads(find("model_validation").path.read_text(encoding="utf-8"))["cells"]
    return re.findall(r"^judged\.(\w+)\(\)$", "\n".join("".join(c["source"]) for c in found), re.M)


@pytest.fixture
def kept(tmp_path):
    """A file of cases."""

    def keep(frame: pd.DataFrame, name: str = "scores.parquet") -> str:
        frame.to_parquet(tmp_path / name)
        return str(tmp_path / name)

    return keep


@pytest.mark.parametrize("name", FRAMES)
def test_every_section_is_made_or_says_why_not(kept, name):
    frame, columns = FRAMES[name]
    judged = file_validation(kept(frame), columns, DAY, reference=kept(CASES.iloc[::-1], "dev.parquet"))
    for section in sections():
        for block in getattr(judged, section)():
            assert not isinstance(block, NotRun) or block.reason, section
    for check in judged.checks:
        assert check.reason or check.value is not None, check.name
        assert check.verdict is not Verdict.NOT_RUN or check.reason or check.limits is None, check.name


@pytest.mark.parametrize("name", ["one row", "no bad case", "all too young"])
def test_a_file_that_tells_nothing_of_ranking_is_not_within(kept, name):
    frame, columns = FRAMES[name]
    judged = file_validation(kept(frame), columns, DAY)
    auc = next(c for c in judged.checks if c.name == "validation.discrimination.auc.out_of_time")
    assert auc.verdict is Verdict.NOT_RUN
    assert auc.reason
    assert judged.opinion[0] not in (1, 2)


def test_a_file_without_a_development_sample_says_so(kept):
    judged = file_validation(kept(CASES), BARE, DAY)
    assert [b.reason for b in judged.stability() if isinstance(b, NotRun)] == ["no development sample was given"]


def test_rows_scored_after_the_close_are_left_out_and_said(kept):
    judged = file_validation(kept(CASES), ALL, "2026-01-31")
    later = int((CASES["month"] == "2026-06").sum())
    assert len(judged.sample) == len(CASES) - later
    assert judged.source.excluded == (("Scored after 2026-01-31", later),)
    with pytest.raises(DataRefused, match="found no row scored by 2020-01-31, its first is of 2024-12-31"):
        _ = file_validation(kept(CASES), ALL, "2020-01-31").sample


def test_an_outcome_takes_months_only_where_obligor_and_period_are_told(kept):
    assert file_validation(kept(CASES), ALL, DAY, horizon=6).case.horizon == 6
    assert file_validation(kept(CASES), BARE, DAY).case.horizon == 0


def test_the_development_sample_needs_no_more_than_score_and_outcome(kept):
    start = kept(CASES[["points", "y", "income"]], "dev.parquet")
    judged = file_validation(kept(CASES), RANKS, DAY, reference=start)
    assert judged.development is not None
    assert judged.development["risk"].max() < 0
    assert "grade" not in judged.development
    assert judged.drivers == ("income",)


def test_a_development_sample_of_another_scale_is_refused(kept):
    start = kept(CASES.assign(p=CASES["p"] * 100), "dev.parquet")
    with pytest.raises(DataRefused, match=r"dev.parquet: p: found .* expected probabilities in \[0, 1\]"):
        _ = file_validation(kept(CASES), BARE, DAY, reference=start).checks


def test_points_are_shown_as_their_users_know_them(kept):
    judged = file_validation(kept(CASES), RANKS, DAY)
    bands = next(b for b in judged.discrimination() if isinstance(b, Table) and b.name == "score_bands")
    names = [str(row[0]) for row in bands.rows if row[0]]
    assert names[0].startswith("(−∞, 6")
    assert not any("−" in name.replace("−∞", "") for name in names)


def test_limits_of_a_file_are_used_and_a_wrong_name_is_told(kept, tmp_path):
    lines = tmp_path / "limits.toml"
    lines.write_text('["validation.discrimination.auc.out_of_time"]\nat_least = 0.99\nsource = "our policy"\n')
    judged = file_validation(kept(CASES), BARE, DAY, limits=str(lines))
    auc = next(c for c in judged.checks if c.name == "validation.discrimination.auc.out_of_time")
    assert auc.verdict is Verdict.BREACH
    assert auc.limits is not None
    assert auc.limits.source == "our policy"
    lines.write_text('["validation.discrimination.auc"]\nat_least = 0.99\nsource = "our policy"\n')
    with pytest.raises(Misuse, match=r"limits\.toml: a limit for: found 'validation\.discrimination\.auc', expected"):
        file_validation(kept(CASES), BARE, DAY, limits=str(lines))


def test_the_words_of_a_file_exist_in_chinese(kept):
    judged = file_validation(kept(CASES), ALL, DAY, lang="zh", name="网点评分卡")
    said = text.said_in("zh", lambda: (judged.words, judged.source.about))
    for words in (said[0].title, said[0].definition, said[0].compared, said[1]):
        assert re.search(r"[\u4e00-\u9fff]", words)
        assert not re.search(r"\b(column|where|cases|rows)\b", words), words


def test_the_hash_of_files_is_theirs_and_in_order(tmp_path):
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_text("a")
    two.write_text("b")
    assert files_hash(one) == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"  # SHA-256 of "a"
    assert len({files_hash(one), files_hash(one, two), files_hash(two, one), files_hash(two)}) == 4
    assert files_hash(one, None) == files_hash(one)


def test_the_close_is_a_date_by_default_that_of_the_last_period(kept):
    assert file_validation(kept(CASES), ALL).as_of == date(2026, 6, 30)
    with pytest.raises(Misuse, match="as-of: found 'today', expected a date"):
        file_validation(kept(CASES), BARE, "today")


def test_the_materiality_of_a_file_is_the_amount_of_its_last_period(kept):
    frame = pd.DataFrame({"p": [0.1, 0.2, 0.3], "y": [0, 1, 0], "month": ["2026-05", "2026-06", "2026-06"]})
    file = kept(frame.assign(amount=[5e9, 60e6, 50e6]))
    judged = file_validation(file, "score=p, outcome=y, period=month, weight=amount", currency="EUR")
    assert judged.source.exposure == 110e6
    assert judged.front()[0].subtitle.replace("\xa0", " ").endswith("medium materiality, EUR 110.0 m at stake")
    assert file_validation(file, "score=p, outcome=y, period=month").source.exposure is None


def test_a_file_without_periods_says_where_its_close_is_from(kept):
    file = kept(CASES.drop(columns="month"))
    os.utime(file, (1_770_000_000, 1_770_000_000))
    assert file_validation(file, BARE).as_of == date(2026, 2, 2)
    assert "the day the file was last written" in file_validation(file, BARE).words.definition
    assert "last written" not in file_validation(file, BARE, "2026-03-31").words.definition
