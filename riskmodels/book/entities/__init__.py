"""Parties that are one company under several names: proposed, decided by a person, merged.

`suggest` writes the groups into a review file, a person fills its column `accept`, `apply_groups` writes the new book.
"""

from riskmodels.book.entities.apply import Applied, apply_groups
from riskmodels.book.entities.groups import THRESHOLD, Group, group_names
from riskmodels.book.entities.propose import Proposal, propose
from riskmodels.book.entities.review import read_review
from riskmodels.book.entities.suggest import Suggested, suggest

__all__ = [
    "THRESHOLD",
    "Applied",
    "Group",
    "Proposal",
    "Suggested",
    "apply_groups",
    "group_names",
    "propose",
    "read_review",
    "suggest",
]
