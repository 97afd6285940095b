"""Small documents and arrays that several tests start from."""
