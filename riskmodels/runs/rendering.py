"""The joint between a run and its report: the manifest becomes the header that the reporting floor renders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from riskmodels.runs.manifest import Manifest

if TYPE_CHECKING:
    from riskmodels.reporting.header import RunHeader


def render_report(executed: Path, manifest: Manifest, folder: Path) -> None:
    """Write the report's files into the folder, as the reporting floor renders them."""
    from riskmodels.reporting.notebook import render

    render(executed, header(manifest), folder)


def header(manifest: Manifest) -> RunHeader:
    """The names, dates and hashes of the run that every page carries."""
    from riskmodels.reporting.header import RunHeader

    return RunHeader(
        report=manifest.report,
        as_of=manifest.as_of,
        run_id=manifest.run_id,
        language=manifest.language,
        subject=manifest.subject,
        tag=manifest.tag,
        data_hash=manifest.fingerprint.book,
        code=manifest.fingerprint.code,
        previous_run=manifest.previous,
    )
