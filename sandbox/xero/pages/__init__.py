"""The pages of the stand-in Xero, where a person tries things by hand. `places` lists them."""
