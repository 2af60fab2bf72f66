"""One parcel, one plan (一企一策): what is wrong, what is aimed at, who does what until when, and how it went."""
