"""The operator's page: operations as they are, one of them whole, and a form to settle what is under review.

Rendered here, on a port of its own, by the same code that answers OperationsService.
"""
