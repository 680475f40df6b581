"""A sample job site, for the demo and tests. It knows Goen over HTTP only."""
