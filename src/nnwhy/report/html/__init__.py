"""Pieces of HTML that stand by themselves: pictures as inline data, drawings as inline SVG. Everything is escaped."""
