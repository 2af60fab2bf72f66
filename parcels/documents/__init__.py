"""Official papers (公文): facts in, a Word document and its PDF out; knows no case and no parcel."""
