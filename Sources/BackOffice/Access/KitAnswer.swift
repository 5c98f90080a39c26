import Crypto
import DeploymentKit
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A file of a kit: to be saved, or the guide to be read and printed.
    ///
    /// - Parameter isShown: whether the browser opens the guide; other files are always saved.
    init(_ made: MadeKit, isShown: Bool) {
        let isPage = made.file.mediaType.hasPrefix("text/html")
        var headers: HTTPFields = [.contentType: made.file.mediaType, .cacheControl: "no-store"]
        // The name is one of ours: letters, digits, dots and hyphens.
        let disposition = isShown && isPage ? "inline" : "attachment"
        headers[.contentDisposition] = "\(disposition); filename=\"\(made.file.name)\""
        if isPage { headers[SecurityHeaders.policyName] = GuidePolicy.policy(for: made.file.bytes) }
        for warning in made.warnings { headers.append(HTTPField(name: Self.warningName, value: warning.message)) }
        self.init(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: made.file.bytes)))
    }

    /// Tells programs what of a kit would not work today.
    private static let warningName = HTTPField.Name("Porter-Warning")!
}

/// What browsers may do with a guide. It is saved and mailed as one file, so its style stands in it, and is allowed by its digest;
/// nothing else is loaded, run or sent.
enum GuidePolicy {
    static func policy(for page: [UInt8]) -> String {
        let digests = styles(in: String(decoding: page, as: UTF8.self)).map { style in
            // Parsers of HTML read CRLF as LF (HTML Standard, section 13.2.3.5), and digests are of what they read.
            let digest = SHA256.hash(data: Data(style.replacing("\r\n", with: "\n").utf8))
            return "'sha256-\(Data(digest).base64EncodedString())'"
        }
        let style = digests.isEmpty ? "'none'" : digests.joined(separator: " ")
        return "default-src 'none'; style-src \(style); form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    }

    /// Of the page's shell: what a kit puts in is escaped, and has no element.
    private static func styles(in page: String) -> [String] {
        page.components(separatedBy: "<style>").dropFirst().compactMap { $0.components(separatedBy: "</style>").first }
    }
}
