import Hummingbird
import NIOCore
import Office

/// An error as the API answers it: `{"error": {"code", "message", "lines"}}`.
package struct APIError: Error, Codable, Equatable, Sendable {
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
    static func invalidRequest(_ message: String) -> APIError { APIError(code: "invalid-request", message: message) }

    /// Maps every error to status and document, in this one place. What is not known here says nothing of the inside.
    static func answer(to error: any Error) -> (status: HTTPResponse.Status, document: APIError) {
        switch error {
        case let error as APIError:
            (error.code == "reload-refused" ? .unprocessableContent : .badRequest, error)
        case let refusal as ImportRefusal:
            (
                .unprocessableContent,
                APIError(
                    code: "import-refused",
                    message: "\(refusal.fileName) has mistakes, nothing of it was imported; mend them and import it again",
                    lines: refusal.lines)
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
