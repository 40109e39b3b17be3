package cmek.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cmek.fake.Sample;
import cmek.fake.Scans;
import cmek.finding.Finding;
import cmek.finding.KeyFindings;
import cmek.model.CryptoKeyName;
import cmek.model.ExternalKeyId;
import cmek.model.WorkspaceId;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 99, 5_000})
    void whatWasPackedComesOutAsItWentIn(int size) {
        List<KeyReport> reports =
                IntStream.range(0, size).mapToObj(PackedTest::report).toList();

        Packed<KeyReport> packed = Packed.copyOf(reports);

        assertThat(packed).hasSize(size).containsExactlyElementsOf(reports);
        assertThat(packed.size()).isEqualTo(size);
        assertThat(packed.isEmpty()).isEqualTo(size == 0);
    }

    @Test
    void severalMayIterateAtOnce() {
        Packed<ExternalKeyId> packed =
                Packed.copyOf(IntStream.range(0, 2_000).mapToObj(PackedTest::id).toList());
        Iterator<ExternalKeyId> ahead = packed.iterator();
        IntStream.range(0, 1_500).forEach(i -> ahead.next());

        Iterator<ExternalKeyId> behind = packed.iterator();

        assertThat(behind.next()).isEqualTo(id(0));
        assertThat(ahead.next()).isEqualTo(id(1_500));
    }

    @Test
    void afterTheLastThereIsNone() {
        Iterator<ExternalKeyId> iterator = Packed.of(id(0)).iterator();
        iterator.next();

        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> Packed.none().iterator().next()).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void nobodyChangesIt() {
        Packed<ExternalKeyId> packed = Packed.of(id(0));

        assertThatThrownBy(() -> packed.add(id(1))).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(packed::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void itIsEqualByItsValuesInTheirOrder() {
        Packed<ExternalKeyId> packed = Packed.of(id(0), id(1));

        assertThat(packed).isEqualTo(Packed.of(id(0), id(1))).hasSameHashCodeAs(Packed.of(id(0), id(1)));
        assertThat(packed)
                .isNotEqualTo(Packed.of(id(1), id(0)))
                .isNotEqualTo(Packed.of(id(0)))
                .isNotEqualTo(Packed.none())
                .isNotEqualTo(List.of(id(0), id(1)));
        assertThat(Packed.of(id(1), id(0)).hashCode()).isNotEqualTo(packed.hashCode());
    }

    @Test
    void whatIsBuiltOnStaysAsItWas() {
        Packed.Builder<ExternalKeyId> builder = new Packed.Builder<>();
        builder.add(id(0));
        Packed<ExternalKeyId> first = builder.build();
        builder.add(id(1));

        assertThat(builder.build()).containsExactly(id(0), id(1));
        assertThat(first).containsExactly(id(0));
    }

    @Test
    void asJsonItIsAnArray() throws IOException {
        ScanPlan run = new ScanPlan(
                Scans.RUN, Sample.NOW, Sample.NOW, Packed.of(key(0), key(1)), Packed.none(), Packed.none(), List.of());

        assertThat(ScanJson.written(run.expected()))
                .isEqualTo("[" + ScanJson.written(key(0)) + "," + ScanJson.written(key(1)) + "]");
        assertThat(ScanJson.read(ScanJson.written(run), ScanPlan.class).expected())
                .isEqualTo(run.expected());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "7", "[null]", "[7]", "[{}]"})
    void whatIsNoArrayOfSuchValuesIsRefused(String expected) {
        String json = ScanJson.written(new ScanPlan(
                        Scans.RUN, Sample.NOW, Sample.NOW, Packed.none(), Packed.none(), Packed.none(), List.of()))
                .replace("\"expected\":[]", "\"expected\":" + expected);

        assertThatThrownBy(() -> ScanJson.read(json, ScanPlan.class)).isInstanceOf(IOException.class);
    }

    /** What a scan costs: so much for each of its keys, whatever their number. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 20_000})
    void aKeyAndWhatWasFoundOfItTakeFewBytes(int keys) {
        Packed<RegisteredKey> plan =
                Packed.copyOf(IntStream.range(0, keys).mapToObj(PackedTest::key).toList());
        Packed<KeyReport> rows = Packed.copyOf(
                IntStream.range(0, keys).mapToObj(PackedTest::report).toList());

        assertThat(plan.bytes() / keys).isLessThan(60);
        assertThat(rows.bytes() / keys).isLessThan(100);
    }

    private static KeyReport report(int number) {
        List<Finding> findings = number % 3 == 0
                ? List.of(KeyFindings.labelMissing(name(number), Sample.ORGANIZATION.label()))
                : List.of();
        return KeyReport.of(
                new KeyToScan(Scans.RUN, key(number), Sample.NOW, Optional.empty()),
                findings,
                Sample.NOW.plusMillis(37L * number));
    }

    private static RegisteredKey key(int number) {
        return new RegisteredKey(
                id(number),
                "Key " + number,
                name(number),
                true,
                List.of(new RegisteredKey.WorkspaceUse(
                        new WorkspaceId("wrkspc_01" + number), "Workspace " + number, false)),
                List.of());
    }

    private static CryptoKeyName name(int number) {
        return CryptoKeyName.parse(
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/key-" + number);
    }

    private static ExternalKeyId id(int number) {
        return new ExternalKeyId("ekey_01" + number);
    }
}
