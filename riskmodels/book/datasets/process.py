"""An event log of loan applications, read from XES without holding the XML in memory."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, iterparse

import pandas as pd

from riskmodels.book.datasets.files import original, whole

COLUMNS = ["case", "place", "activity", "lifecycle", "timestamp", "local_time"]


def bpi2012(folder: str | Path | None = None) -> pd.DataFrame:
    """164,506 events of 13,087 loan applications at a Dutch bank, 2011-10 to 2012-03, one a row in the log's order.

    case: application. place: of the event within its case, 1 first. activity: encoded as a number (text). lifecycle:
    complete, always. timestamp: when it happened, UTC. local_time: the same as the bank's clock showed it.

    Traps: local_time runs one hour twice on 2011-10-30, so differences are taken of timestamp. Cases still open at
    the end are cut off: their duration is censored. This copy holds neither resource nor amount, and its activities
    have lost their names.

    Source: BPI Challenge 2012, 4TU; no licence stated.
    """
    with gzip.open(original("bpi2012", folder)) as handle:
        frame = pd.DataFrame(_events(handle), columns=COLUMNS[:-1])
    text = frame["timestamp"]
    frame["local_time"] = pd.to_datetime(text.str[:23], format="%Y-%m-%dT%H:%M:%S.%f").astype("datetime64[us]")
    frame["timestamp"] = pd.to_datetime(text, utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    return whole("bpi2012", frame[COLUMNS])


def _events(handle: gzip.GzipFile) -> Iterator[tuple[str, int, str, str, str]]:
    """Each event of a log; what was read is let go, trace by trace."""
    reading = iterparse(handle, events=("start", "end"))
    _, log = next(reading)
    for step, element in reading:
        if step == "end" and element.tag == "trace":
            yield from _trace(element)
            log.clear()


def _trace(trace: Element) -> Iterator[tuple[str, int, str, str, str]]:
    case = _values(trace)["concept:name"]
    for place, event in enumerate(trace.iterfind("event"), 1):
        value = _values(event)
        yield case, place, value["concept:name"], value["lifecycle:transition"], value["time:timestamp"]


def _values(element: Element) -> dict[str, str]:
    return {child.attrib["key"]: child.attrib["value"] for child in element if child.tag != "event"}
