"""HTTP to the two APIs: sessions, the limiter that all workers share, and errors. No Django."""
