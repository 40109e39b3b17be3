package cmek.deployment;

import cmek.deployment.GooglePermissions.Needed;
import cmek.scan.Repair;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.quarkus.funqy.Funq;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which calls to Google each function can come to: the graph of the compiled program's calls, from the function's method
 * through every implementation of what it calls, lambdas and method references included. More is followed than one run takes,
 * never less.
 */
final class Reach {

    private static final JavaClasses PROJECT = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("cmek");

    private Reach() {}

    /** What each function needs, by the name it is deployed under; functions that need nothing included. */
    static Map<String, Set<Needed>> ofFunctions() {
        return of(true);
    }

    /** The same for a service that restores nothing. */
    static Map<String, Set<Needed>> ofFunctionsWithoutRepair() {
        return of(false);
    }

    private static Map<String, Set<Needed>> of(boolean repairing) {
        Map<String, Set<Needed>> functions = new TreeMap<>();
        for (JavaClass type : PROJECT) {
            for (JavaMethod method : type.getMethods()) {
                method.tryGetAnnotationOfType(Funq.class)
                        .ifPresent(function -> functions.put(function.value(), from(method, repairing)));
            }
        }
        return functions;
    }

    /** The calls to Google that the methods of a client of ours come to, by the client's method. */
    static Map<String, Set<Needed>> ofClients() {
        Map<String, Set<Needed>> windows = new TreeMap<>();
        for (JavaClass type : PROJECT) {
            // What a caller hands in is no client.
            boolean window = type.isInterface()
                    && !type.isAnnotatedWith(FunctionalInterface.class)
                    && type.getPackageName().matches("cmek\\.client\\.(kms|project|storage|pubsub)")
                    && type.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC);
            if (window) {
                type.getMethods()
                        .forEach(method -> windows.put(
                                type.getSimpleName() + "." + method.getName() + "/"
                                        + method.getRawParameterTypes().size(),
                                from(method, true)));
            }
        }
        return windows;
    }

    /**
     * What a method comes to.
     *
     * @throws AssertionError when that is a call of which nobody knows what it takes
     */
    static Set<Needed> from(JavaMethod start, boolean repairing) {
        Set<Needed> needed = new HashSet<>();
        Set<JavaCodeUnit> seen = new HashSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>();
        note(start.getOwner(), start.getName(), needed);
        implementations(start.getOwner(), start).forEach(open::add);
        while (!open.isEmpty()) {
            JavaCodeUnit unit = open.pop();
            if (!seen.add(unit)) {
                continue;
            }
            unit.getAccessesFromSelf().stream()
                    .filter(JavaCodeUnitAccess.class::isInstance)
                    .map(access -> (CodeUnitAccessTarget) access.getTarget())
                    .filter(target -> repairing || !target.getOwner().isEquivalentTo(Repair.class))
                    .forEach(target -> {
                        if (!target.getOwner().equals(unit.getOwner())) {
                            note(target.getOwner(), target.getName(), needed);
                        }
                        if (!GooglePermissions.KNOWN_IN_FULL.contains(
                                target.getOwner().getSimpleName() + "." + target.getName())) {
                            follow(target).forEach(open::add);
                        }
                    });
        }
        return needed;
    }

    private static void note(JavaClass owner, String method, Set<Needed> needed) {
        String call = owner.getSimpleName() + "." + method;
        List<Needed> known = GooglePermissions.BY_CALL.get(call);
        if (known != null) {
            needed.addAll(known);
        } else if (GooglePermissions.WINDOWS.contains(owner.getSimpleName()) && !isHousekeeping(method)) {
            throw new AssertionError("nobody knows which permissions " + call + " takes: say so in GooglePermissions");
        }
    }

    /** Making and closing a client says nothing to Google. */
    private static boolean isHousekeeping(String method) {
        return method.equals("close") || method.equals("create") || method.equals("<init>");
    }

    private static Stream<? extends JavaCodeUnit> follow(CodeUnitAccessTarget target) {
        if (!target.getOwner().getPackageName().startsWith("cmek")) {
            return Stream.empty();
        }
        Optional<? extends JavaCodeUnit> member = target.resolveMember().map(JavaCodeUnit.class::cast);
        return Stream.concat(
                member.stream(), member.stream().flatMap(unit -> implementations(target.getOwner(), unit)));
    }

    /** A method, and whatever overrides it. */
    private static Stream<JavaCodeUnit> implementations(JavaClass owner, JavaCodeUnit unit) {
        String[] parameters =
                unit.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
        return Stream.concat(
                Stream.of(unit),
                owner.getAllSubclasses().stream()
                        .flatMap(type -> type.tryGetMethod(unit.getName(), parameters).stream()));
    }
}
