"""Durable things: landmarks, tables, reports."""
