"""LINE notification messages (PNP): to a phone number's hash, without friendship, with a person's consent."""
