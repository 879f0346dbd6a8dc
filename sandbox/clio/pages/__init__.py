"""The pages of the stand-in Clio, where a person tries things by hand. `places` lists them."""
