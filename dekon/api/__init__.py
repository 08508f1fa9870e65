"""The API: the same services as the pages, for other systems.

OpenAPI 3.1 at `/api/v1/openapi.json`, to read at `/api/docs`. One module per area (schemas and routes), one error
envelope, every list paged or streamed. Owns no table and no rule.
"""
