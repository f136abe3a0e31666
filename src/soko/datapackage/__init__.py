"""The clean tables of a period as a Frictionless Data Package: CSV files and datapackage.json that describes them.

``export(workspace, period, to) -> (folder, tables)``. Pupils and workers stay pseudonyms; the key never leaves the
workspace. Rows about single people remain, so the package is not open data, and it says so.
"""

from soko.datapackage.export import export

__all__ = ["export"]
