"""Rich menus (F15): menus as data, their drawing and their publishing live here."""
