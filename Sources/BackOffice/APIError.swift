import Hummingbird
import NIOCore
import Office

/// An error as the API answers it: `{"error": {"code", "message", "lines"}}`.
package struct APIError: Codable, Equatable, Sendable {
    /// A word for programs; stable.
    package let code: String
    /// What, where, what to do, for people; one line.
    package let message: String
    /// Where there is more than one thing to say (a CSV's mistakes), each on a line; else empty.
    package let lines: [String]

    package init(code: String, message: String, lines: [String] = []) {
        self.code = code
        self.message = message
        self.lines = lines
    }

    /// The document around it.
    package struct Document: Codable, Sendable {
        package let error: APIError

        package init(error: APIError) {
            self.error = error
        }
    }
}

extension APIError {
    /// What the API itself refuses.
    struct Refusal: Error {
        let status: HTTPResponse.Status
        let error: APIError

        static func invalidRequest(_ message: String) -> Refusal {
            Refusal(status: .badRequest, error: APIError(code: "invalid-request", message: message))
        }

        /// - Parameter lines: all that is wrong with routes and certificates.
        static func reload(_ lines: [String]) -> Refusal {
            Refusal(
                status: .unprocessableContent,
                error: APIError(
                    code: "reload-refused", message: "what was in force stays in force; mend the files and reload again",
                    lines: lines))
        }
    }

    /// Maps every error to status and document, in this one place. What is not known here says nothing of the inside.
    static func answer(to error: any Error) -> (status: HTTPResponse.Status, document: APIError) {
        switch error {
        case let refusal as Refusal:
            (refusal.status, refusal.error)
        case let refusal as ImportRefusal:
            (
                .unprocessableContent,
                APIError(code: "import-refused", message: refusal.advice, lines: refusal.lines)
            )
        case let error as OfficeError:
            (status(of: error.code), APIError(code: error.code.rawValue, message: error.message))
        case is NIOTooManyBytesError:
            (.contentTooLarge, APIError(code: "too-large", message: "the request's body is larger than this request may have"))
        case let error as HTTPError:
            (error.status, APIError(code: "http", message: error.body ?? error.status.reasonPhrase))
        default:
            (.internalServerError, APIError(code: "internal", message: "the server failed; its log says more"))
        }
    }

    private static func status(of code: OfficeError.Code) -> HTTPResponse.Status {
        switch code {
        case .unknownPartner: .notFound
        case .invalidPartner: .unprocessableContent
        case .folder, .notAnOffice, .newerSchema, .olderSchema, .storage: .internalServerError
        }
    }
}
