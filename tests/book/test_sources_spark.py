"""A database of Spark as a source: the session is left as it was, failures are one line, its noise stays unseen."""

from __future__ import annotations

import os
import subprocess
import sys

import duckdb
import pytest

from riskmodels.book.sources import columns_of, stage
from riskmodels.book.sources import spark as module
from riskmodels.core.errors import DataRefused, Misuse, RunFailed

TYPES = "name string, `b c` decimal(18,2), day date, told timestamp, at timestamp_ntz, share double, many array<int>"
ROW = """'公司 "甲"', 1.50, date'2025-01-05', timestamp'2025-01-05 08:00:00+08',
  timestamp_ntz'2025-01-05 08:00:00.5', 7, array(1)"""
STARTS = """
import duckdb
from riskmodels.book.sources import stage
try:
    stage(duckdb.connect(), "spark:default")
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.fixture(scope="module")
def lake(spark):
    """A session with a database of odd tables."""
    spark.sql("CREATE DATABASE lake")
    spark.sql(f"CREATE TABLE lake.odd ({TYPES}) USING parquet")
    spark.sql(f"INSERT INTO lake.odd VALUES ({ROW}), (null, null, null, null, null, null, null)")
    spark.sql("CREATE TABLE lake.bare (n int) USING parquet")
    spark.sql("CREATE VIEW lake.broken AS SELECT raise_error('boom') AS x")
    spark.sql("""CREATE VIEW lake.strange AS SELECT parse_json('{"a":1}') AS v, interval '1' year AS `y z`""")
    spark.range(1).createOrReplaceTempView("of_the_session")
    return spark


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        yield connection


def test_values_come_as_the_text_duckdb_makes_of_them(con, lake):
    relation = stage(con, "spark:lake")["odd"]
    assert columns_of(con, relation) == ["name", "b c", "day", "told", "at", "share", "many"]
    assert con.execute(f"SELECT * EXCLUDE _row FROM {relation} ORDER BY _row").fetchall() == [
        ('公司 "甲"', "1.50", "2025-01-05", "2025-01-05 00:00:00+00", "2025-01-05 08:00:00.5", "7", "[1]"),
        (None,) * 7,
    ]


def test_types_only_spark_has_come_as_spark_writes_them(con, lake):
    relation = stage(con, "spark:lake")["strange"]
    assert columns_of(con, relation) == ["v", "y z"]
    assert con.execute(f"FROM {relation}").fetchall() == [(1, '{"a":1}', "INTERVAL '1' YEAR")]


def test_tables_are_those_of_the_database_each_fetched_when_asked_for(con, lake):
    staged = stage(con, "spark:lake")
    assert list(staged) == ["bare", "broken", "odd", "strange"]
    assert con.execute(f"FROM {staged['bare']}").fetchall() == []
    with pytest.raises(RunFailed, match=r"^spark:lake: broken: Spark broke down: .*boom") as failed:
        staged["broken"]
    assert "\n" not in str(failed.value)


def test_the_session_keeps_its_settings(con, lake):
    lake.conf.set("spark.sql.session.timeZone", "Asia/Shanghai")
    before = {name: lake.conf.get(name) for name in module.SETTINGS}
    staged = stage(con, "spark:lake")
    assert con.execute(f"SELECT told FROM {staged['odd']} LIMIT 1").fetchall() == [("2025-01-05 00:00:00+00",)]
    assert {name: lake.conf.get(name) for name in module.SETTINGS} == before


def test_rows_of_many_partitions_all_arrive(con, lake):
    lake.range(0, 25_000, 1, 7).write.mode("overwrite").saveAsTable("lake.many")
    relation = stage(con, "spark:lake")["many"]
    assert con.execute(f"SELECT count(DISTINCT id), max(_row) FROM {relation}").fetchall() == [(25_000, 25_000)]
    lake.sql("DROP TABLE lake.many")


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        ("spark:nowhere", Misuse, "spark:nowhere: no such database; found default, lake"),
        ("spark:lake; DROP DATABASE lake CASCADE", Misuse, "no such database"),
        ("spark:default", DataRefused, "nothing to read; expected tables"),
    ],
)
def test_a_database_that_is_not_there_is_one_line(con, lake, address, kind, said):
    with pytest.raises(kind, match=said) as refused:
        stage(con, address)
    assert "\n" not in str(refused.value)
    assert lake.catalog.databaseExists("lake")


def test_a_session_of_our_own_starts_without_a_word_on_standard_error(spark):
    fast = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    ended = _alone(MASTER="local[1]", SPARK_LOCAL_IP="127.0.0.1", SPARK_SUBMIT_OPTS=fast)
    assert (ended.stdout, ended.stderr) == ("DataRefused spark:default: nothing to read; expected tables\n", "")


def test_a_session_that_cannot_start_says_why_in_one_line(spark):
    ended = _alone(JAVA_HOME="/nowhere")
    assert ended.stdout.startswith("RunFailed spark:default: Spark can't be started: ")
    assert "/nowhere/bin/java: No such file" in ended.stdout
    assert (ended.stdout.count("\n"), ended.stderr) == (1, "")


def _alone(**environment: str) -> subprocess.CompletedProcess[str]:
    """A process that has no session yet, and asks for one."""
    command = [sys.executable, "-W", "ignore", "-c", STARTS]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
