"""Rich menus: made, given a picture, linked to people, switched by tabs."""
