"""The book: tables with a contract, each row with the day it became known."""
