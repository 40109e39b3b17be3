package cmek.scan.report;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/**
 * A report as CSV, and as a page that asks for nothing else: no request goes out from it, and all of it can be read with
 * scripts switched off. With scripts the table sorts and filters.
 */
@Singleton
@RegisterForReflection(targets = String.class) // Templates ask of a line whether it is a command, and for its words.
public final class RenderedReport implements ReportRendering {

    private static final int SHOWN = 4000;

    private static final List<String> TEMPLATES =
            List.of("top", "article", "middle", "row", "bottom", "finding", "link", "reasons", "workspaces");

    private final ValueResolver values;

    @Inject
    public RenderedReport() {
        this(new ReflectionValueResolver());
    }

    /** With another way to read values, for tests. */
    RenderedReport(ValueResolver values) {
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
        ReportPage page =
                new ReportPage(report, new RawString(resource("style.css")), new RawString(resource("script.js")));
        out.append(engine.getTemplate("top")
                .data("page", page)
                .data("history", Sparkline.of(report))
                .render());
        for (ReportPage.Row row : page.articles()) {
            out.append(engine.getTemplate("article").data("row", row).render());
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
