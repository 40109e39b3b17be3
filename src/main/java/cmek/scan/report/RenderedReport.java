package cmek.scan.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import cmek.config.ServiceInfo;
import cmek.model.SafeText;
import cmek.scan.ReportRendering;
import cmek.scan.ScanReport;
import io.quarkus.qute.Engine;
import io.quarkus.qute.Expression;
import io.quarkus.qute.RawString;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.ResultMapper;
import io.quarkus.qute.TemplateNode.Origin;
import io.quarkus.qute.ValueResolver;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A report as CSV, and as a page that asks for nothing else: no request goes out from it, and all of it can be read with
 * scripts switched off. With scripts it can be searched, filtered and sorted, and commands are copied.
 */
@Singleton
@RegisterForReflection(targets = String.class) // Templates ask of a line whether it is a command, and for its words.
public final class RenderedReport implements ReportRendering {

    private static final int SHOWN = 4000;

    private static final List<String> TEMPLATES =
            List.of("top", "cause", "middle", "row", "bottom", "command", "finding", "workspaces");

    private final ServiceInfo service;
    private final ValueResolver values;

    @Inject
    public RenderedReport(ServiceInfo service) {
        this(service, new ReflectionValueResolver());
    }

    /** With another way to read values, for tests. */
    RenderedReport(ServiceInfo service, ValueResolver values) {
        this.service = service;
        this.values = values;
    }

    @Override
    public void csv(ScanReport report, Appendable out) throws IOException {
        CsvReport.write(report, out);
    }

    /** In parts, none of which grows with the findings of all keys. */
    @Override
    public void html(ScanReport report, Appendable out) throws IOException {
        Engine engine = engine();
        ReportPage page = ReportPage.of(
                report, service::locate, new RawString(resource("style.css")), new RawString(resource("script.js")));
        out.append(engine.getTemplate("top")
                .data("page", page)
                .data("history", Sparkline.of(report))
                .render());
        Optional<Urgency> shown = Optional.empty();
        for (Cause cause : page.causes()) {
            boolean first = !shown.equals(Optional.of(cause.urgency()));
            shown = Optional.of(cause.urgency());
            out.append(engine.getTemplate("cause")
                    .data("cause", cause)
                    .data("first", first)
                    .data("page", page)
                    .render());
        }
        out.append(engine.getTemplate("middle").data("page", page).render());
        for (ReportPage.Row row : page.rows()) {
            out.append(engine.getTemplate("row").data("row", row).render());
        }
        out.append(engine.getTemplate("bottom").data("page", page).render());
    }

    /** Made anew for each report, which few processes write and none of them often. */
    private Engine engine() {
        Engine engine = Engine.builder()
                .addDefaults()
                .addValueResolver(values)
                .addResultMapper(new Escaping())
                .build();
        TEMPLATES.forEach(name -> engine.putTemplate(name, engine.parse(resource(name + ".html"))));
        return engine;
    }

    private static String resource(String name) {
        try (InputStream resource =
                Objects.requireNonNull(RenderedReport.class.getResourceAsStream("/report/" + name), name)) {
            return new String(resource.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came from outside may be hostile: between tags and in an attribute it is nothing but text. */
    private static final class Escaping implements ResultMapper {

        @Override
        public boolean appliesTo(Origin origin, Object result) {
            return !(result instanceof RawString);
        }

        @Override
        public String map(Object result, Expression expression) {
            return escaped(String.valueOf(result));
        }
    }

    private static String escaped(String text) {
        return SafeText.sanitize(text, SHOWN)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;")
                .replace("`", "&#96;");
    }
}
