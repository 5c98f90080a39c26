import HTTPTypes
import Hummingbird

extension PageRenderer {
    /// What kind of problem it is in the reader's language; and in English, as the API says it, what exactly.
    func problem(_ problem: Problem, for reader: PageReader) throws -> Response {
        let key = "problem-" + problem.type
        var response = try page(
            "problem", title: "problem",
            [
                "kind": library.text(library.has(key) ? key : "problem-other", in: reader.language), "detail": problem.detail,
                "errors": problem.errors ?? [],
            ],
            for: reader, status: HTTPResponse.Status(code: problem.status))
        for field in problem.headers { response.headers[field.name] = field.value }
        return response
    }
}
