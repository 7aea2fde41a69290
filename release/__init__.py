"""What is made when calfeed is released, and how its dependencies are looked at; no part of calfeed itself.

`./run release` makes the packages, the bill of materials and the checksums, `./run audit` asks for known
vulnerabilities. What calfeed needs to run stands in `requirements/main.txt`, and nowhere else.
"""
