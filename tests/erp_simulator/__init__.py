"""A stand-in for the ERP's web site, faithful enough for a bot written for the real one."""
