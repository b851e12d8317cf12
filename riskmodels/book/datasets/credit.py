"""Four public sets of loans, one borrower or loan a row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from riskmodels.book.datasets.files import original, whole

GERMAN_COLUMNS = (
    "checking",
    "duration",
    "history",
    "purpose",
    "amount",
    "savings",
    "employment",
    "instalment_rate",
    "personal_status",
    "other_debtors",
    "residence_since",
    "property",
    "age",
    "other_plans",
    "housing",
    "existing_credits",
    "job",
    "dependants",
    "telephone",
    "foreign_worker",
)
GERMAN_CODES = {
    "checking": {"A11": "below 0 DM", "A12": "0 to 200 DM", "A13": "200 DM or more, or salary", "A14": "no account"},
    "history": {
        "A30": "no credits, or all paid back duly",
        "A31": "all credits at this bank paid back duly",
        "A32": "existing credits paid back duly till now",
        "A33": "delay in paying off in the past",
        "A34": "critical account, or other credits elsewhere",
    },
    "purpose": {
        "A40": "new car",
        "A41": "used car",
        "A42": "furniture or equipment",
        "A43": "radio or television",
        "A44": "domestic appliances",
        "A45": "repairs",
        "A46": "education",
        "A47": "vacation",
        "A48": "retraining",
        "A49": "business",
        "A410": "others",
    },
    "savings": {
        "A61": "below 100 DM",
        "A62": "100 to 500 DM",
        "A63": "500 to 1000 DM",
        "A64": "1000 DM or more",
        "A65": "unknown or none",
    },
    "employment": {
        "A71": "unemployed",
        "A72": "below 1 year",
        "A73": "1 to 4 years",
        "A74": "4 to 7 years",
        "A75": "7 years or more",
    },
    "personal_status": {
        "A91": "male, divorced or separated",
        "A92": "female, divorced, separated or married",
        "A93": "male, single",
        "A94": "male, married or widowed",
        "A95": "female, single",
    },
    "other_debtors": {"A101": "none", "A102": "co-applicant", "A103": "guarantor"},
    "property": {
        "A121": "real estate",
        "A122": "building society savings or life insurance",
        "A123": "car or other",
        "A124": "unknown or none",
    },
    "other_plans": {"A141": "bank", "A142": "stores", "A143": "none"},
    "housing": {"A151": "rent", "A152": "own", "A153": "for free"},
    "job": {
        "A171": "unemployed, or unskilled and not resident",
        "A172": "unskilled and resident",
        "A173": "skilled employee or official",
        "A174": "management, self-employed, highly qualified, officer",
    },
    "telephone": {"A191": "none", "A192": "registered"},
    "foreign_worker": {"A201": "yes", "A202": "no"},
}
"""What the codes of `german` mean, by column."""


def german(folder: str | Path | None = None) -> pd.DataFrame:
    """1,000 applicants for credit at a German bank: twenty attributes and `bad`, 1 for a bad credit.

    duration: months. amount: DM. instalment_rate: per cent of disposable income, in classes 1 to 4. residence_since:
    years, in classes 1 to 4. age: years. existing_credits, dependants: numbers. The other thirteen hold codes, which
    GERMAN_CODES explains.

    Target: bad, 30 %. Cross-validated AUC .79 by logistic regression and by boosting.

    Traps: bads were sampled more often than they occur, so 30 % is no probability of default; the source weighs a
    missed bad five times a refused good. personal_status holds the sex, foreign_worker the origin: what no decision
    may rest on. The order of the codes of checking and savings isn't their order of risk.

    Source: UCI Statlog (German credit data), CC BY 4.0.
    """
    frame = pd.read_csv(original("german", folder), sep=" ", header=None, names=[*GERMAN_COLUMNS, "class"])
    frame["bad"] = (frame.pop("class") == 2).astype("int64")
    return whole("german", frame)


def hmeq(folder: str | Path | None = None) -> pd.DataFrame:
    """5,960 home-equity loans: twelve attributes with missing values, and BAD, 1 for a default or serious arrears.

    LOAN, MORTDUE, VALUE: USD asked for, owed on the mortgage, and the property's value. REASON: DebtCon or HomeImp.
    JOB: six classes. YOJ: years in the job. DEROG, DELINQ: derogatory reports and delinquent credit lines. CLAGE: age
    of the oldest line in months. NINQ: recent inquiries. CLNO: credit lines. DEBTINC: debt to income in per cent.

    Target: BAD, 19.95 %. Cross-validated AUC .80 by logistic regression, .97 by boosting.

    Traps: DEBTINC is missing for 1,267 loans, of which 62 % are bad (8.6 % of the others): what is missing tells more
    than any value, perhaps because it was filled in after the outcome. There are no dates: nothing out of time.

    Source: creditriskanalytics.net; no licence stated.
    """
    return whole("hmeq", pd.read_csv(original("hmeq", folder)))


def taiwan_default(folder: str | Path | None = None) -> pd.DataFrame:
    """30,000 card clients in Taiwan with six months of status, bill and payment, and DEFAULT in the month after.

    LIMIT_BAL: limit in NT dollars. SEX 1 male, 2 female. EDUCATION 1 graduate school, 2 university, 3 high school, 4
    others. MARRIAGE 1 married, 2 single, 3 others. AGE: years. PAY_0, PAY_2 to PAY_6: status from September 2005 back
    to April, -1 paid duly, 1 to 9 months of delay. BILL_AMT1 to 6, PAY_AMT1 to 6: bill and payment of the same months
    in NT dollars; a bill below 0 is a credit.

    Target: DEFAULT (October 2005), 22.12 %. Cross-validated AUC .72 by logistic regression, .78 by boosting.

    Traps: status -2 (nothing used) and 0 (revolving) aren't in the source's description, nor EDUCATION 0, 5, 6 and
    MARRIAGE 0. There is no PAY_1. PAY_0 is September, so the columns run back in time. 35 rows repeat another but for
    the ID. One month of default only: nothing out of time.

    Source: UCI 350 (default of credit card clients), CC BY 4.0.
    """
    return whole("taiwan_default", pd.read_csv(original("taiwan_default", folder), encoding="utf-8-sig"))


def lgd(folder: str | Path | None = None) -> pd.DataFrame:
    """2,545 defaulted loans with the share that was lost.

    LTV: loan to value. Recovery_rate: share recovered. lgd_time: share lost, 1 - Recovery_rate. y_logistic, Y_probit:
    logit and probit of lgd_time; lnrr: logarithm of Recovery_rate. purpose1: 1 for a rented property. event: 0 if
    nothing was lost.

    Target: lgd_time, mean .2281, median .0321, with a peak at each end; 28.6 % lost nothing.

    Traps: Recovery_rate, y_logistic, Y_probit, lnrr and event are the target in other words: only LTV and purpose1 are
    known beforehand. Shares were cut to [.00001, .99999], so no value is exactly 0 or 1.

    Source: creditriskanalytics.net; no licence stated.
    """
    return whole("lgd", pd.read_csv(original("lgd", folder)))
