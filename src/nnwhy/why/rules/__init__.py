"""Dimension rules, one file a family. To add one: write a function from a Site to sizes and decorate it with `@rule("name")`."""
