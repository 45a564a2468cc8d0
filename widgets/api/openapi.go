package api

import _ "embed" // the description is part of the program

//go:embed openapi.json
var description []byte

// Description is the OpenAPI document of the REST API (openapi.json).
func Description() []byte { return description }
