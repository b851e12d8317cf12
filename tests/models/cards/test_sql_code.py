import duckdb
import numpy as np
import pandas as pd
import pytest

from riskmodels.core.errors import Misuse
from riskmodels.models.binning import Cuts, Groups
from riskmodels.models.cards import SPARK, CardDriver, PointsCard, sql_select
from tests.models.cards.made import rows_for

COLUMNS = ["id", "points", "log_odds", "probability"]
CLOSE = {"rtol": 4e-16, "atol": 0}


def cells(card, X):
    """The rows with an id, NULL for a missing category and NaN for a missing number."""
    texts = [d.name for d in card.drivers if isinstance(d.bins, Groups)]
    nulls = {name: X[name].astype(object).where(X[name].notna(), None) for name in texts}
    return X.assign(**nulls, id=np.arange(len(X))).astype(dict.fromkeys(texts, object))


def agree(got, card, X):
    got = got.sort_values("id", ignore_index=True)
    assert np.array_equal(got["points"].to_numpy(), card.points(X))
    assert np.array_equal(got["log_odds"].to_numpy(), card.log_odds(X))
    np.testing.assert_allclose(got["probability"].to_numpy(), card.probability(X), **CLOSE)


@pytest.mark.parametrize("name", ["hostile", "scorecard"])
def test_duckdb_scores_a_hundred_thousand_rows_as_the_model(name, request):
    card = PointsCard.of(request.getfixturevalue(name))
    X = rows_for(card)
    with duckdb.connect() as database:
        database.register("rows", X.assign(id=np.arange(len(X))))
        got = database.execute(sql_select(card, "rows", ["id"])).df()
    agree(got, card, X)


@pytest.mark.parametrize("name", ["hostile", "scorecard"])
def test_postgresql_scores_a_hundred_thousand_rows_as_the_model(name, request, postgres):
    card = PointsCard.of(request.getfixturevalue(name))
    X = rows_for(card)
    with postgres.connect() as connection:
        columns = ", ".join(
            '"{}" {}'.format(d.name.replace('"', '""'), "text" if isinstance(d.bins, Groups) else "double precision")
            for d in card.drivers
        )
        connection.execute(f"CREATE TEMP TABLE cards_rows (id integer, {columns})")
        with connection.cursor().copy("COPY cards_rows FROM STDIN") as copy:
            for row in cells(card, X)[["id", *X.columns]].itertuples(index=False, name=None):
                copy.write_row(row)
        found = connection.execute(sql_select(card, "cards_rows", ["id"])).fetchall()
    agree(pd.DataFrame(found, columns=COLUMNS), card, X)


def test_spark_scores_as_the_model(hostile, spark):
    X = rows_for(hostile, 500)
    spark.createDataFrame(cells(hostile, X)).createOrReplaceTempView("card_rows")
    found = spark.sql(sql_select(hostile, "card_rows", ["id"], SPARK)).collect()
    agree(pd.DataFrame(found, columns=COLUMNS), hostile, X)


def test_points_that_are_not_whole_are_doubles_in_sql():
    rng = np.random.default_rng(5)
    drivers = [CardDriver(f"x{i}", Cuts((0.1,)), tuple(rng.normal(0, 30, 3).tolist())) for i in range(6)]
    card = PointsCard(tuple(drivers), 0.1)
    X = rows_for(card, 5000)
    with duckdb.connect() as database:
        database.register("rows", X.assign(id=np.arange(len(X))))
        got = database.execute(sql_select(card, "rows", ["id"])).df().sort_values("id")
    assert list(got.columns) == ["id", "points"]
    assert np.array_equal(got["points"].to_numpy(), card.points(X))


def test_whole_numbers_and_decimals_meet_the_edges_as_doubles_do():
    card = PointsCard((CardDriver("x", Cuts((0.1, 2.0)), (1, 2, 3, 4)),))
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE t AS SELECT CAST(0.1 AS DECIMAL(5, 2)) AS x UNION ALL SELECT 2.0 UNION ALL SELECT NULL"
        )
        got = database.execute(sql_select(card, "t", ["x"])).fetchall()
    assert sorted(row[1] for row in got) == [2, 3, 4]


def test_a_table_in_a_schema_is_named_by_its_parts(hostile):
    assert 'FROM "risk"."rows"' in sql_select(hostile, ("risk", "rows"))


def test_what_sql_can_t_say_is_refused(hostile):
    nul = PointsCard((CardDriver("x", Groups((("a\0b",),)), (1, 2, 3)),))
    with pytest.raises(Misuse, match="NUL"):
        sql_select(nul, "t")
    with pytest.raises(Misuse, match="SQL: found the name '', which can't be quoted"):
        sql_select(hostile, "")
    with pytest.raises(Misuse, match="can't be quoted"):
        sql_select(hostile, "${table}", dialect=SPARK)
    with pytest.raises(Misuse, match=r"keys: found \['points'\]"):
        sql_select(hostile, "t", ["points"])
    far = PointsCard((CardDriver("x", Cuts(()), (1, 2), (701.0, 0.0)),), 0, 0.0)
    with pytest.raises(Misuse, match="log-odds that can pass 700"):
        sql_select(far, "t")
