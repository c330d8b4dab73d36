import DaxModel
import Testing

@testable import DaxActors

@Suite struct AdministratorTests {
    /// Under dax=inode a file that lost its attribute would not be on DAX after the next mount, and no kernel
    /// would be to blame.
    @Test(arguments: [false, true]) func theAttributeStaysWhereItDecides(_ decides: Bool) {
        let administrator = Administrator(
            ActorSettings(
                bytes: 8...4096, alignment: 8, pause: 0, keepsDAXAttribute: decides))
        var random = Random(seed: 1, stream: 0)
        let drawn = Set((0..<64).map { _ in administrator.attribute(&random) })
        #expect(drawn == (decides ? [true] : [false, true]))
    }
}
