"""The case of an idle parcel: from suspicion to closing, by the statute."""
