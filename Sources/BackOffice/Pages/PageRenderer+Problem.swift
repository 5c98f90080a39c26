import HTTPTypes
import Hummingbird

extension PageRenderer {
    /// What kind of problem it is, and what exactly, in the reader's language. What there is no sentence for is told in English, as
    /// the API says it, unless the kind says it all.
    func problem(_ problem: Problem, for reader: PageReader) throws -> Response {
        let key = "problem-" + problem.type
        let kindSaysAll = pageLibrary.has(key) && problem.type != "invalid-request"
        let isDetailShown = problem.sentences.isEmpty && (reader.language == .english || !kindSaysAll)
        var response = try page(
            "problem", title: "problem",
            [
                "kind": pageLibrary.text(pageLibrary.has(key) ? key : "problem-other", in: reader.language),
                "told": problem.sentences.isEmpty ? "" : told(problem, for: reader),
                "detail": isDetailShown ? problem.detail : "",
                "errors": problem.errors ?? [],
            ],
            for: reader, status: HTTPResponse.Status(code: problem.status))
        for field in problem.headers { response.headers[field.name] = field.value }
        return response
    }
}
