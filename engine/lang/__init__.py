"""The language's values: types, values, conversion, operators and functions. Knows no syntax and no files."""
