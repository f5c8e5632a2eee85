"""The Archibald Bot server: recoverable writes in the ERP, over gRPC."""
