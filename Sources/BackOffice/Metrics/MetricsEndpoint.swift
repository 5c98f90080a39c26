import HTTPTypes
import Hummingbird
import NIOCore
import Office

/// `/metrics`, for Prometheus: no records and no personal data, so that every role of people may read it.
struct MetricsEndpoint: Sendable {
    let desk: MetricsDesk

    static let path = "/metrics"

    func add(to router: Router<BackOfficeContext>) {
        router.get(RouterPath(Self.path)) { _, context in
            _ = try context.require(.marketing)
            let text = Exposition.text(try await desk.families())
            return Response(
                status: .ok, headers: [.contentType: Exposition.mediaType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
    }
}
